package dev.rookery.auth;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import java.util.Set;

/**
 * Commands on guests: users without an account, who are no players. A guest exists as long as
 * something is heard of them. Their data belongs to the domain that they use, which is asked to
 * delete it by {@link TakeExpired}.
 */
public sealed interface GuestCommand<R> extends Command<R> {
  String ADDRESS = "guests";

  /** With what the ids of guests begin. */
  String PREFIX = "guest:";

  /** The most guests that one command is about. */
  int BATCH_MAX = 64;

  @Override
  default String address() {
    return ADDRESS;
  }

  @Override
  default boolean isFromStranger() {
    return this instanceof SignIn;
  }

  /**
   * Creates a guest. {@code Unavailable("too_many_guests")} if there are as many as there may be.
   */
  record SignIn(Client client) implements GuestCommand<Guest> {}

  /**
   * A new guest.
   *
   * @param id begins with {@link #PREFIX}
   */
  record Guest(String id, String token) {
    @Override
    public String toString() {
      return "Guest[id=" + id + "]";
    }
  }

  /** Notes that a guest does something; false if there is no such guest any more. */
  record Check(String guest) implements GuestCommand<Boolean> {}

  /**
   * Notes that a guest connects to a game through this node; false if there is no such guest any
   * more.
   */
  record EnterGame(String guest, String game) implements GuestCommand<Boolean> {}

  /** Whether a guest has connected to a game again, through another node. */
  record HasReconnected(String guest, String game) implements GuestCommand<Boolean> {}

  /**
   * Notes that a guest has disconnected from a game, and that their data of it is deleted. Nothing
   * happens if they have connected to it again, through another node.
   */
  record LeaveGame(String guest, String game) implements GuestCommand<Done> {}

  /**
   * Notes that at most {@link #BATCH_MAX} guests are connected, and returns those who still exist.
   */
  record KeepConnected(List<String> guests) implements GuestCommand<Set<String>> {
    public KeepConnected {
      guests = List.copyOf(guests);
    }
  }

  /**
   * Ends a guest of whom this node hears nothing: their token is refused, and their data is to be
   * deleted. Nothing happens if they have connected to a game through another node since.
   */
  record End(String guest) implements GuestCommand<Done> {}

  /**
   * Ends a guest wherever they are connected: their sockets are closed on all nodes, their token is
   * refused, and their data is to be deleted. {@code Missing("not_found")} if there is no such
   * guest any more.
   */
  record Remove(String guest) implements GuestCommand<Done> {}

  /**
   * Returns at most {@link #BATCH_MAX} guests who have ended. The caller deletes their data and
   * confirms it by {@link Forget}; without that they are returned again after half a minute, to any
   * node.
   */
  record TakeExpired() implements GuestCommand<List<Expired>> {}

  /**
   * A guest who has ended.
   *
   * @param games those of which they have data
   */
  record Expired(String guest, List<String> games) {
    public Expired {
      games = List.copyOf(games);
    }
  }

  /** Deletes what is known of a guest whose data is deleted. */
  record Forget(String guest) implements GuestCommand<Done> {}

  /**
   * How guests are bounded.
   *
   * @param guestsMax of all nodes together
   * @param silentMs how long nothing need be heard of a guest who is connected
   * @param unusedMs how long nothing need be heard of one who is not
   */
  record Settings(int guestsMax, long silentMs, long unusedMs) {}
}
