"""What the carriers say at each step of a journey: codes and words as their tracking returns them."""

from enum import Enum, auto

from backhaul.domain.shipping.model import CarrierCode, Fault, Tracking


class Scan(Enum):
    """A step at which a parcel is seen."""

    LABELLED = auto()
    ACCEPTED = auto()
    DEPARTED = auto()
    AT_HUB = auto()
    LEFT_HUB = auto()
    ARRIVED = auto()
    OUT = auto()
    DELIVERED = auto()
    NOT_IN = auto()
    AT_COUNTER = auto()
    COLLECTED = auto()
    LATE = auto()
    DAMAGED = auto()
    LOST = auto()
    REFUSED = auto()
    BAD_ADDRESS = auto()
    GOING_BACK = auto()
    BACK = auto()


MEANING: dict[Scan, tuple[Tracking, Fault | None]] = {
    Scan.LABELLED: (Tracking.PRE_TRANSIT, None),
    Scan.ACCEPTED: (Tracking.IN_TRANSIT, None),
    Scan.DEPARTED: (Tracking.IN_TRANSIT, None),
    Scan.AT_HUB: (Tracking.IN_TRANSIT, None),
    Scan.LEFT_HUB: (Tracking.IN_TRANSIT, None),
    Scan.ARRIVED: (Tracking.IN_TRANSIT, None),
    Scan.OUT: (Tracking.OUT_FOR_DELIVERY, None),
    Scan.DELIVERED: (Tracking.DELIVERED, None),
    Scan.NOT_IN: (Tracking.IN_TRANSIT, None),
    Scan.AT_COUNTER: (Tracking.AVAILABLE_FOR_PICKUP, None),
    Scan.COLLECTED: (Tracking.DELIVERED, None),
    Scan.LATE: (Tracking.IN_TRANSIT, None),
    Scan.DAMAGED: (Tracking.FAILURE, Fault.DAMAGED),
    Scan.LOST: (Tracking.FAILURE, Fault.LOST),
    Scan.REFUSED: (Tracking.RETURN_TO_SENDER, Fault.REFUSED),
    Scan.BAD_ADDRESS: (Tracking.RETURN_TO_SENDER, Fault.BAD_ADDRESS),
    Scan.GOING_BACK: (Tracking.RETURN_TO_SENDER, None),
    Scan.BACK: (Tracking.RETURN_TO_SENDER, None),
}

AT_THE_HUB = frozenset({Scan.AT_HUB, Scan.LEFT_HUB, Scan.LATE, Scan.DAMAGED, Scan.LOST})

HUBS = {
    CarrierCode.USPS: (
        "Memphis TN Distribution Center",
        "Chicago IL Distribution Center",
        "Dallas TX Network Center",
    ),
    CarrierCode.UPS: ("Louisville, KY, US", "Hodgkins, IL, US", "Ontario, CA, US"),
    CarrierCode.FEDEX: ("MEMPHIS, TN", "INDIANAPOLIS, IN", "FORT WORTH, TX"),
    CarrierCode.DHL_EXPRESS: (
        "CINCINNATI HUB, OH - USA",
        "LEIPZIG - GERMANY",
        "HONG KONG - HONG KONG SAR, CHINA",
    ),
    CarrierCode.SENDLE: ("Commerce, CA", "Elizabeth, NJ", "Carol Stream, IL"),
}

WORDS: dict[CarrierCode, dict[Scan, tuple[str, str]]] = {
    CarrierCode.USPS: {
        Scan.LABELLED: ("GX", "Shipping Label Created, USPS Awaiting Item"),
        Scan.ACCEPTED: ("03", "USPS in possession of item"),
        Scan.DEPARTED: ("EF", "Departed USPS Origin Facility"),
        Scan.AT_HUB: ("10", "Arrived at USPS Regional Facility"),
        Scan.LEFT_HUB: ("T1", "Departed USPS Regional Facility"),
        Scan.ARRIVED: ("07", "Arrived at Post Office"),
        Scan.OUT: ("OF", "Out for Delivery"),
        Scan.DELIVERED: ("01", "Delivered, Front Door/Porch"),
        Scan.NOT_IN: ("02", "Notice Left (No Authorized Recipient Available)"),
        Scan.AT_COUNTER: ("16", "Available for Pickup"),
        Scan.COLLECTED: ("01", "Delivered, Individual Picked Up at Post Office"),
        Scan.LATE: ("T4", "In Transit to Next Facility, Arriving Late"),
        Scan.DAMAGED: ("DX", "Item Damaged in Handling, Undeliverable"),
        Scan.LOST: ("LT", "Missing Mail Search Closed, Item Not Found"),
        Scan.REFUSED: ("04", "Refused"),
        Scan.BAD_ADDRESS: ("05", "Undeliverable as Addressed"),
        Scan.GOING_BACK: ("29", "Return to Sender, In Transit"),
        Scan.BACK: ("09", "Delivered, To Original Sender"),
    },
    CarrierCode.UPS: {
        Scan.LABELLED: ("MP", "Shipper created a label, UPS has not received the package yet."),
        Scan.ACCEPTED: ("OR", "Origin Scan"),
        Scan.DEPARTED: ("DP", "Departed from Facility"),
        Scan.AT_HUB: ("AR", "Arrived at Facility"),
        Scan.LEFT_HUB: ("DP", "Departed from Facility"),
        Scan.ARRIVED: ("DS", "Destination Scan"),
        Scan.OUT: ("OT", "Out For Delivery Today"),
        Scan.DELIVERED: ("KB", "DELIVERED"),
        Scan.NOT_IN: ("48", "The receiver was not available for delivery. We'll make a second attempt."),
        Scan.AT_COUNTER: ("2Q", "Delivered to UPS Access Point. Ready for customer pickup."),
        Scan.COLLECTED: ("2W", "Picked up by customer at UPS Access Point"),
        Scan.LATE: ("G3", "A delay has occurred. We are adjusting delivery plans as quickly as possible."),
        Scan.DAMAGED: (
            "DM",
            "All merchandise was damaged and discarded. We've notified the sender with details.",
        ),
        Scan.LOST: ("LP", "We are unable to locate your package. The sender may start a claim."),
        Scan.REFUSED: ("RD", "The receiver does not want the package and refused the delivery."),
        Scan.BAD_ADDRESS: ("A9", "The address is incorrect. The package will be returned to the sender."),
        Scan.GOING_BACK: ("RS", "Returning to Sender"),
        Scan.BACK: ("RP", "Returned to Sender"),
    },
    CarrierCode.FEDEX: {
        Scan.LABELLED: ("OC", "Shipment information sent to FedEx"),
        Scan.ACCEPTED: ("PU", "Picked up"),
        Scan.DEPARTED: ("DP", "Left FedEx origin facility"),
        Scan.AT_HUB: ("AR", "Arrived at FedEx hub"),
        Scan.LEFT_HUB: ("DP", "Departed FedEx hub"),
        Scan.ARRIVED: ("AR", "At local FedEx facility"),
        Scan.OUT: ("OD", "On FedEx vehicle for delivery"),
        Scan.DELIVERED: ("DL", "Delivered"),
        Scan.NOT_IN: ("DE", "Delivery exception - Customer not available or business closed"),
        Scan.AT_COUNTER: ("HP", "Ready for recipient pickup"),
        Scan.COLLECTED: ("DL", "Delivered - Package delivered to recipient at FedEx location"),
        Scan.LATE: ("DY", "Delay - Operational delay, package moving"),
        Scan.DAMAGED: ("SE", "Shipment exception - Damaged, delivery not completed"),
        Scan.LOST: ("SE", "Shipment exception - Unable to locate package, trace closed"),
        Scan.REFUSED: ("DE", "Delivery exception - Shipment refused by recipient"),
        Scan.BAD_ADDRESS: ("DE", "Delivery exception - Incorrect address"),
        Scan.GOING_BACK: ("RS", "Returning package to shipper"),
        Scan.BACK: ("RS", "Package returned to shipper"),
    },
    CarrierCode.DHL_EXPRESS: {
        Scan.LABELLED: ("SD", "Shipment information received"),
        Scan.ACCEPTED: ("PU", "Shipment picked up"),
        Scan.DEPARTED: ("DF", "Shipment has departed from a DHL facility"),
        Scan.AT_HUB: ("PL", "Processed at hub"),
        Scan.LEFT_HUB: ("DF", "Shipment has departed from a DHL facility"),
        Scan.ARRIVED: ("AR", "Arrived at DHL Delivery Facility"),
        Scan.OUT: ("WC", "Shipment is out with courier for delivery"),
        Scan.DELIVERED: ("OK", "Delivered"),
        Scan.NOT_IN: ("NH", "Delivery attempted; recipient not home"),
        Scan.AT_COUNTER: ("HP", "Available for collection at DHL Service Point"),
        Scan.COLLECTED: ("OK", "Delivered - Collected at DHL Service Point"),
        Scan.LATE: ("OH", "Shipment is on hold, delay in transit"),
        Scan.DAMAGED: ("DD", "Damage reported, shipment cannot be delivered"),
        Scan.LOST: ("MS", "Shipment not located, investigation closed"),
        Scan.REFUSED: ("RD", "Recipient refused delivery"),
        Scan.BAD_ADDRESS: ("BA", "Address information needed; recipient not found"),
        Scan.GOING_BACK: ("RR", "Return to shipper in process"),
        Scan.BACK: ("RT", "Returned to shipper"),
    },
    CarrierCode.SENDLE: {
        Scan.LABELLED: ("Info", "Label created, waiting for parcel"),
        Scan.ACCEPTED: ("Pickup", "Parcel picked up"),
        Scan.DEPARTED: ("In Transit", "Parcel departed origin hub"),
        Scan.AT_HUB: ("In Transit", "Parcel arrived at sorting hub"),
        Scan.LEFT_HUB: ("In Transit", "Parcel departed sorting hub"),
        Scan.ARRIVED: ("In Transit", "Parcel arrived at local depot"),
        Scan.OUT: ("Out for Delivery", "Parcel onboard courier vehicle for delivery"),
        Scan.DELIVERED: ("Delivered", "Parcel delivered"),
        Scan.NOT_IN: ("Delivery Attempted", "Nobody was available to receive the parcel"),
        Scan.AT_COUNTER: ("Left with Agent", "Parcel is ready for collection"),
        Scan.COLLECTED: ("Delivered", "Parcel collected by receiver"),
        Scan.LATE: ("Info", "Parcel is delayed in transit"),
        Scan.DAMAGED: ("Damaged", "Parcel has been damaged and will not be delivered"),
        Scan.LOST: ("Unable to Deliver", "Parcel could not be located"),
        Scan.REFUSED: ("Unable to Deliver", "Parcel refused by receiver"),
        Scan.BAD_ADDRESS: ("Unable to Deliver", "Address is incorrect or incomplete"),
        Scan.GOING_BACK: ("In Transit", "Parcel is on its way back to the sender"),
        Scan.BACK: ("Delivered", "Parcel returned to sender"),
    },
}
