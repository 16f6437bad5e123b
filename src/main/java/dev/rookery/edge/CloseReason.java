package dev.rookery.edge;

/**
 * Why the server closes a WebSocket: the close code (RFC 6455, section 7.4) and text sent to the
 * client. The code tells the client whether to reconnect; the constants' names are label values of
 * the metric {@code rookery.sockets.closed}.
 */
public enum CloseReason {
  DONE(1000, "done"),
  /** The client sent nothing within the idle time, or violated the WebSocket protocol. */
  PROTOCOL(1002, "protocol"),
  NOT_TEXT(1007, "not utf-8"),
  /** The client exceeded the frame rate limit, or sent many fragments without content. */
  FLOOD(1008, "too many frames"),
  /** The client did not finish a message in time. */
  UNFINISHED(1008, "message not finished in time"),
  /** The client is not signed in and took no seat and joined no topic in time. */
  UNUSED(1008, "not used"),
  /** An admin has closed what the socket was for. */
  CLOSED_BY_ADMIN(1008, "closed by an admin"),
  /** Too many registrations of one address. */
  RATE_LIMITED(1008, "too many registrations"),
  TOO_BIG(1009, "too big"),
  /** A message of the protocol on top could not be decoded, or handling it failed. */
  BROKEN(1011, "broken"),
  /** The node shuts down; the client reconnects, to another node. */
  RESTART(1012, "restart"),
  /** The client reads too slowly and its send queue is full. */
  SLOW(1013, "slow"),
  /** Clients made the node hold too many bytes, and this one more than most. */
  OVERLOADED(1013, "overloaded"),
  /** An admin has closed the socket; the client may connect again. */
  DISCONNECTED(1008, "disconnected by an admin"),
  /** The session has ended; the client reconnects with a new token, the old one is refused. */
  SESSION_ENDED(4001, "session ended"),
  /** The match of the room has started; the client connects again with its new token. */
  LOBBY_TRANSITION(4010, "lobby_transition"),
  /** The host has left the lobby of the room. */
  HOST_LEFT(4010, "host_left"),
  /** The host has closed the room. */
  HOST_CLOSE(4011, "host_close"),
  /** The host has ended the match; the client connects again with a token for the lobby. */
  RETURNING_TO_LOBBY(4013, "returning_to_lobby");

  private final int code;
  private final String text;

  CloseReason(int code, String reason) {
    this.code = code;
    this.text = reason;
  }

  public int code() {
    return code;
  }

  public String text() {
    return text;
  }
}
