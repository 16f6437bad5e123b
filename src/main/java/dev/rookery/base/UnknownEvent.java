package dev.rookery.base;

/**
 * An event that this node cannot read, because a newer version wrote it during a rolling upgrade.
 * It keeps its position, so that later events are not held up, and no protocol of this node shows
 * it.
 *
 * @param json the event as it was written, to be passed on
 */
public record UnknownEvent(String type, String json) implements Event {
  @Override
  public String toString() {
    return "UnknownEvent[type=" + type + "]";
  }
}
