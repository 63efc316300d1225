"""What is printed beside a plot: numbers at ticks, their units, and the axes that they make."""
