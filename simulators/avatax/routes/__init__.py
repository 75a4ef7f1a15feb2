"""AvaTax's table of paths, the door in front of it, and the way from bodies to rules and back."""
