package dev.rookery.match;

/** The name of a room's stream. */
public final class MatchTopic {
  private MatchTopic() {}

  public static String of(String room) {
    return "match:" + room;
  }
}
