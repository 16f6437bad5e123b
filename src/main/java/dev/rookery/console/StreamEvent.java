package dev.rookery.console;

import dev.rookery.base.Position;

/**
 * An event as operators see it.
 *
 * @param stream to which it was appended; empty if it is not stored
 * @param sequence its number in a feed that is followed; 0 in a stream
 * @param atMs when it was stored, or heard on a feed
 * @param actor who caused it as far as the event says so; empty if it does not
 * @param bytes of the whole payload
 * @param payload JSON, at most {@value #FOLDED_CHARS} characters of it
 * @param folded whether the payload is longer
 * @param hidden the permission that is needed for the payload; empty if it is shown
 * @param flag what is unusual about its position; empty if nothing is
 */
public record StreamEvent(
    String stream,
    Position position,
    long sequence,
    long atMs,
    String type,
    String actor,
    long bytes,
    String payload,
    boolean folded,
    String hidden,
    String flag) {
  public static final int FOLDED_CHARS = 2 << 10;

  StreamEvent withFlag(String text) {
    return new StreamEvent(
        stream, position, sequence, atMs, type, actor, bytes, payload, folded, hidden, text);
  }
}
