"""Network definitions that training writes and runners read: one file a model.
Each opens with its source and with every deliberate departure from it."""
