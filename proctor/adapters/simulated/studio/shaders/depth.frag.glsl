// For the lamp's view only the depth counts.
void main() {}
