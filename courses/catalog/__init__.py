"""What a school offers: wishes, lists, cards, collections."""
