package dev.rookery.protocol.gameflow;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.fanout.FanOut;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.lobby.LobbyQuery.FoundLobby;
import dev.rookery.lobby.Roster;
import org.jspecify.annotations.Nullable;

/**
 * The lobby whose events a socket gets: the one its player is in, on whatever connection they, or
 * the leader of their party, entered it. Confined to the event loop of the socket.
 *
 * <p>A lobby that is entered on this socket is followed from that moment. Of one that is entered
 * elsewhere the stream of the player tells, and its state is sent first.
 */
final class FollowedLobby {
  private final Connection connection;
  private final Bus bus;
  private final FanOut fanOut;
  private final PlayerId player;
  private final MatchAnnouncement announcement;
  private @Nullable LobbySubscription current;
  // What the stream of the player has said beyond the current one.
  private boolean left;
  private @Nullable LobbyId next;
  private boolean entering;
  // Whether a command that failed may have been carried out: then the next lobby was entered here.
  private boolean mayHaveEntered;
  private boolean closed;

  /**
   * @param announcement tells the player of a match that has started
   */
  FollowedLobby(
      Connection connection,
      Bus bus,
      FanOut fanOut,
      PlayerId player,
      MatchAnnouncement announcement) {
    this.connection = connection;
    this.bus = bus;
    this.fanOut = fanOut;
    this.player = player;
    this.announcement = announcement;
  }

  /** Null if the player is in none as far as this socket knows. */
  @Nullable LobbySubscription current() {
    return current;
  }

  /** Whether the socket has closed; then nothing is followed any more. */
  boolean isClosed() {
    return closed;
  }

  /**
   * A command of this socket makes the player enter a lobby, until {@link #entered} or {@link
   * #notEntered}.
   */
  void entering() {
    entering = true;
  }

  /** The player has entered the lobby of the subscription, which is the current one from now on. */
  void entered(LobbySubscription subscription) {
    entering = false;
    mayHaveEntered = false;
    current = subscription.enteredHere();
    left = false;
    if (subscription.lobby().equals(next)) {
      next = null;
    }
  }

  /** The command has not changed where the player is. */
  void notEntered() {
    entering = false;
    followNext();
  }

  /**
   * The command has failed. If no rule has refused it, it may have been carried out, and the stream
   * of the player tells of the lobby.
   */
  void failed(Throwable cause) {
    if (!Refused.isByRule(cause)) {
      mayHaveEntered |= current == null;
    } else if (!isAlreadyIn(cause)) {
      // Nor by an earlier command, of which that was not known.
      mayHaveEntered = false;
    }
    notEntered();
  }

  private static boolean isAlreadyIn(Throwable cause) {
    return cause instanceof Refused refused && refused.refusal().code().equals("already_in_lobby");
  }

  /**
   * The stream of the player says where they are now, which may be older than what this socket
   * knows by its lobby's own stream.
   */
  void onMoved(@Nullable LobbyId to) {
    LobbySubscription followed = current;
    if (followed == null) {
      next = to;
      followNext();
    } else {
      left |= !followed.lobby().equals(to);
      // It ends with an event of its own.
      next = left ? to : null;
    }
  }

  private void followNext() {
    LobbyId lobby = next;
    if (current == null && lobby != null && !entering && !closed) {
      next = null;
      LobbySubscription told = subscribe(lobby);
      follow(mayHaveEntered ? told.enteredHere() : told, false);
      mayHaveEntered = false;
    }
  }

  /** Subscribes to a lobby, without starting delivery. */
  LobbySubscription subscribe(LobbyId lobby) {
    var created =
        new LobbySubscription(
            lobby, player, connection, announcement, this::onEnded, this::onEventsLost);
    return created.attach(fanOut.subscribe(Topic.lobby(lobby), created));
  }

  /**
   * Delivers the state of the lobby and then its events, if the player is a member.
   *
   * @param known whether the client has been told that the player is a member
   */
  private void follow(LobbySubscription followed, boolean known) {
    current = followed.markJoined();
    left = false;
    bus.ask(new LobbyQuery.FindWithTeams(followed.lobby()))
        .onSuccess(
            found -> {
              if (isMember(found)) {
                connection.send(ServerMessage.lobbyUpdated(found.lobby()));
                followed.startAfter(found.position());
              } else {
                endWithoutEvent(followed, known);
              }
            })
        .onFailure(
            cause -> {
              if (cause instanceof Refused refused
                  && refused.refusal() instanceof Refusal.Missing) {
                endWithoutEvent(followed, known);
              } else {
                connection.close(CloseReason.RESTART);
              }
            });
  }

  private boolean isMember(FoundLobby found) {
    Roster roster = found.lobby().roster();
    return roster != null && roster.find(player).isPresent();
  }

  private void endWithoutEvent(LobbySubscription followed, boolean known) {
    if (known && !closed) {
      connection.send(ServerMessage.LOBBY_LEFT);
    }
    followed.end();
  }

  /** Subscribes again: events were lost that can no longer be read from the history. */
  private void onEventsLost(LobbySubscription lost) {
    if (lost.equals(current)) {
      LobbySubscription renewed = subscribe(lost.lobby());
      follow(lost.isEnteredHere() ? renewed.enteredHere() : renewed, true);
    }
  }

  private void onEnded(LobbySubscription ended) {
    if (ended.equals(current)) {
      current = null;
      followNext();
    }
  }

  /** Whether the player may be in a lobby that was entered on this socket, and not told of yet. */
  boolean mayHaveEntered() {
    return mayHaveEntered;
  }

  /** Ends delivery. Returns the lobby that the player has entered on this socket; null for none. */
  @Nullable LobbyId close() {
    closed = true;
    LobbySubscription followed = current;
    current = null;
    if (followed == null) {
      return null;
    }
    followed.end();
    return followed.isEnteredHere() ? followed.lobby() : null;
  }
}
