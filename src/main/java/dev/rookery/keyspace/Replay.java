package dev.rookery.keyspace;

/** The context in which changes are repeated: at the beginning of time and without subscribers. */
enum Replay implements KeyspaceCall {
  CALL;

  @Override
  public long nowMicros() {
    return 0;
  }

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
