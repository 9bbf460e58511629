"""What came back to a warehouse, as its owner sees it: looked through, looked into, answered for."""
