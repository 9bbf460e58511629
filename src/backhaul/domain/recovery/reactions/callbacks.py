"""What follows for a callback URL when a label exists: one signed delivery that says where it is."""

from backhaul.domain.recovery import tables
from backhaul.domain.recovery.model import Shipping
from backhaul.domain.recovery.ports import LABEL_TOPIC, CallbackWording, LabelNews
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.events import LabelBought
from backhaul.domain.shipping.links import issue_link
from backhaul.domain.shipping.model import LabelFormat, Leg, LinkPurpose, ShipmentId
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.domain.transfers.model import Policy, TransferId
from backhaul.domain.webhooks import Message, deliver
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(LabelBought)
async def deliver_label(tx: Tx, bought: LabelBought, then: Aftermath) -> None:
    """Tell the callback URL of a case that a label exists. Decided once for each label."""
    if bought.leg is not Leg.DEVICE:
        return
    found = await tables.find_case_of(tx, TransferId(bought.subject_id))
    if found is None:
        return
    await transfer_tables.lock(tx, TransferId(bought.subject_id))  # before the case, as everybody does
    case, _ = await tables.lock_case(tx, found[0])
    if case.callback_url is None or case.shipping is not Shipping.LABEL:
        return
    shipment = await shipping_tables.lock(tx, ShipmentId(bought.shipment_id))
    token = await issue_link(tx, shipment.id, purpose=LinkPurpose.LABEL, at=then.now)
    news = LabelNews(
        campaign=await tables.get_campaign(tx, case.campaign_id),
        case=case,
        shipment=shipment,
        label_url=then.port(Policy).label_page + token,
        label_format=LabelFormat.PDF,
    )
    message = Message(topic=LABEL_TOPIC, body=then.port(CallbackWording).label(news))
    once_key = f"recovery:label:{shipment.id}:{shipment.tracking_number}"
    await deliver(tx, to=case.callback_url, message=message, at=then.now, once_key=once_key)
