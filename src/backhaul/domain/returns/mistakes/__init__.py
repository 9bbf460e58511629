"""What has to be known to undo a receipt: whose devices it changed, and which other parcel has one of them."""
