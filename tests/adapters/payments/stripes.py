"""A small Stripe in this process: as much of its behaviour as the adapter relies on."""

import itertools
from urllib.parse import parse_qs

import httpx2
import msgspec

CARD = {"pm_good": None, "pm_bad": "insufficient_funds", "pm_3ds": None}


class SmallStripe:
    """Remembers payments, refunds and idempotency keys; `silence` and `faults` say what goes wrong next."""

    def __init__(self, clock):
        self.clock = clock
        self.customers = {"cus_1": {"id": "cus_1", "invoice_settings": {"default_payment_method": "pm_good"}}}
        self.payments, self.refunds, self.keys = [], [], {}
        self.calls, self.numbers = [], itertools.count(1)
        self.silence = None  # "before": the call is lost; "after": its answer is
        self.faults = []  # (status, error) to answer with next
        self.processing = False

    def transport(self):
        return httpx2.MockTransport(self.answer)

    def answer(self, request):
        path = request.url.path.removeprefix("/v1/")
        self.calls.append((request.method, path, dict(request.headers)))
        if self.silence == "before":
            raise httpx2.ConnectTimeout("nobody there", request=request)
        if self.faults:
            status, error = self.faults.pop(0)
            return httpx2.Response(
                status, content=error if isinstance(error, bytes) else _json({"error": error})
            )
        status, body = self._answer(request, path)
        if self.silence == "after" and request.method == "POST":
            raise httpx2.ReadTimeout("no answer", request=request)
        return httpx2.Response(status, content=_json(body))

    def _answer(self, request, path):
        if request.method == "GET":
            return self._read(path, request.url.params)
        fields = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        key = request.headers["idempotency-key"]
        if key in self.keys:
            known, answer = self.keys[key]
            if known != (path, fields):
                return 400, {"error": {"type": "idempotency_error", "message": "Keys can only be used once."}}
            return answer
        answer = self._write(path, fields)
        self.keys[key] = (path, fields), answer
        return answer

    def _read(self, path, parameters):
        if path.startswith("customers/"):
            found = self.customers.get(path.removeprefix("customers/"))
            return (
                (200, found)
                if found
                else (404, {"error": {"type": "invalid_request_error", "message": "None."}})
            )
        wanted = {name: value for name, value in parameters.items() if name in ("customer", "payment_intent")}
        rows = [*reversed(self.payments if path == "payment_intents" else self.refunds)]
        rows = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
        if "created[gte]" in parameters:
            rows = [row for row in rows if row["created"] >= int(parameters["created[gte]"])]
        if after := parameters.get("starting_after"):
            rows = rows[[row["id"] for row in rows].index(after) + 1 :]
        limit = int(parameters["limit"])
        return 200, {"object": "list", "data": rows[:limit], "has_more": len(rows) > limit}

    def _write(self, path, fields):
        metadata = {name[9:-1]: value for name, value in fields.items() if name.startswith("metadata[")}
        if path == "payment_intents":
            return self._pay(fields, metadata)
        if path == "refunds":
            return self._repay(fields, metadata)
        payment = next(row for row in self.payments if path == f"payment_intents/{row['id']}/cancel")
        payment["status"] = "canceled"
        return 200, payment

    def _pay(self, fields, metadata):
        payment = {
            "id": f"pi_{next(self.numbers)}",
            "created": int(self.clock.now().timestamp()),
            "customer": fields["customer"],
            "amount": int(fields["amount"]),
            "currency": fields["currency"],
            "metadata": metadata,
            "status": "processing" if self.processing else "succeeded",
            "last_payment_error": None,
        }
        self.payments.append(payment)
        if fields["payment_method"] == "pm_bad":
            error = {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds",
                     "message": "Your card has insufficient funds."}  # fmt: skip
            payment |= {"status": "requires_payment_method", "last_payment_error": error}
            self.payments[-1] = payment
            return 402, {"error": error}
        if fields["payment_method"] == "pm_3ds":
            payment["status"] = "requires_action"
        return 200, payment

    def _repay(self, fields, metadata):
        payment = next((row for row in self.payments if row["id"] == fields["payment_intent"]), None)
        given = sum(
            row["amount"] for row in self.refunds if row["payment_intent"] == fields["payment_intent"]
        )
        if payment is None or given + int(fields["amount"]) > payment["amount"]:
            return 400, {"error": {"type": "invalid_request_error", "message": "Refund amount is too large."}}
        refund = {
            "id": f"re_{next(self.numbers)}",
            "payment_intent": payment["id"],
            "amount": int(fields["amount"]),
            "metadata": metadata,
            "status": "succeeded",
        }
        self.refunds.append(refund)
        return 200, refund


def _json(body):
    return msgspec.json.encode(body)
