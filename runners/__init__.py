"""The three models, one file each: batched BentoML services that the gateway depends on.
They load one pinned model each, warm it up before they say ready, and know nothing of HTTP."""
