"""The prepared dataset on disk: shards of clips and the manifest that names them."""
