"""Says what a picture shows, with taggers in the WD contract, and writes captions from it."""
