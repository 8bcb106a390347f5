"""The world map: country outlines and how shares colour them."""
