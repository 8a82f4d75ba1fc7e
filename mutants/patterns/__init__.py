"""What a gong can play: scores, code books, and their rendering to sound. Knows neither network nor hardware."""
