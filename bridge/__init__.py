"""The bridge: keeps every inquiry a customer sends through a form and brings it to the brand's mailbox."""
