package dev.rookery.transport;

/** The keys of one connection between two members, one for each direction. */
record LinkKeys(byte[] sending, byte[] receiving) {
  @Override
  public String toString() {
    return "LinkKeys";
  }
}
