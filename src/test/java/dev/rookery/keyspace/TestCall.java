package dev.rookery.keyspace;

/** A call of a client at a chosen time, without subscribers. */
record TestCall(long nowMicros) implements KeyspaceCall {
  @Override
  public long publish(byte[] channel, byte[] message) {
    return 0;
  }

  @Override
  public boolean fromScript() {
    return false;
  }

  @Override
  public boolean hasWritten() {
    return false;
  }
}
