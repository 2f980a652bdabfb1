"""Finding cameras in the network by ONVIF, asking them who they are and for their streams, and turning those that can turn."""
