package dev.rookery.script;

/** A message that a script has published to a channel. */
record Publication(String channel, byte[] message) {
  int size() {
    return channel.length() + message.length;
  }
}
