"""Speech to text, by engines that run here."""
