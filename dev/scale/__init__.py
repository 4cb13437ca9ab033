"""What `./desk simulate` is made of: stories recorded, their keys drawn anew, seconds of traffic, limits, the page."""
