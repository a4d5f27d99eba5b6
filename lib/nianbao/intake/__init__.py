"""What comes in from outside: blank forms and back, and reports published by anybody."""
