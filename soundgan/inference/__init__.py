"""A trained model at work: seeds to latents, latents to sounds."""
