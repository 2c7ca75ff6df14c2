"""Files moved well: downloads that resume and are verified, uploads, and the cache of what has arrived."""
