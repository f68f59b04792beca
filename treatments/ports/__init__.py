"""What the apps ask of each other: each app fills in a registry here, and knows no other app."""
