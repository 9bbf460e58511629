"""The leaky bucket of each user, over all clients and all processes (contract §3.4)."""

import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from backhaul.dialects.serving import Serving
from backhaul.storage import rate_limits
from backhaul.storage.rate_limits import Bucket, RateLimited

_USED = "boxc_used"


async def count(serving: Serving, scope: Any, user_id: UUID | None) -> None:
    """Count one request of a user, or refuse it with `RateLimited`; the answer's headers will tell."""
    size = serving.boxc_bucket
    bucket = Bucket(key=f"{size.key} {user_id}", capacity=size.capacity, per_second=size.per_second)
    try:
        levels = await rate_limits.take(serving.db, bucket, now=serving.clock.now())
    except RateLimited:
        scope[_USED] = int(size.capacity)
        raise
    scope[_USED] = math.ceil(levels[bucket.key])


def headers_in(scope: Mapping[str, Any]) -> dict[str, str]:
    """Return what every answer says: how large the bucket is and how full. Who calls unnamed has used nothing."""
    app = scope.get("litestar_app")
    serving: Serving | None = None if app is None else app.state.get("serving")
    if serving is None:
        return {}
    return {
        "x-rate-limit": str(int(serving.boxc_bucket.capacity)),
        "x-rate-requests": str(scope.get(_USED, 0)),
    }
