"""The parts that screens are made of. They post messages up; what is above calls their methods."""
