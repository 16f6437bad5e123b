package dev.rookery.player;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import java.util.List;

/**
 * Reads what happened to a player, as far as rows of one domain tell it: the newest first. Each
 * domain serves its own parts, each at the {@link #address} of its name, as with {@link Export}.
 *
 * @param untilMs the latest time that is wanted
 * @param max how many entries at most
 */
public record Timeline(String part, PlayerId player, long untilMs, int max)
    implements Command<List<Timeline.Entry>> {

  /** Returns the bus address of a part. */
  public static String address(String part) {
    return "timeline/" + part;
  }

  @Override
  public String address() {
    return address(part);
  }

  /**
   * Something that happened.
   *
   * @param kind the part, such as {@code sign_ins}
   * @param text what happened, in words
   * @param personal what only those may see who may see personal data; empty for nothing
   */
  public record Entry(long atMs, String kind, String text, String personal) {}
}
