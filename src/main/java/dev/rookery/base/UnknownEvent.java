package dev.rookery.base;

/**
 * An event that this node cannot read: one of a newer version, while nodes are replaced one after
 * the other. It keeps its place in its stream, so that what comes after it is not held up; no wire
 * of this node has a word for it.
 *
 * @param json as it was written, to be passed on
 */
public record UnknownEvent(String type, String json) implements Event {
  @Override
  public String toString() {
    return "UnknownEvent[type=" + type + "]";
  }
}
