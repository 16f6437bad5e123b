package dev.rookery.benchmark;

/** What players do, each measured by a scenario of the load test. */
public enum Operation {
  /** A second of an open socket. */
  CONNECTED("idle"),
  /** A sign-in with a known device. */
  SIGN_IN("returning-login"),
  /** A socket is opened and joins the channel of its player. */
  CONNECT("connect"),
  /** A message in a lobby of ten, delivered to all of them. */
  MESSAGE("chat"),
  /** One more delivery of a message. */
  DELIVERY("fanout"),
  /** A lobby of four from its creation to the last one who leaves: eight commands. */
  LOBBY("lobby"),
  /** A match of two from the request for its room to the first action. */
  ROOM("room-start"),
  /** An action in a match, seen by both players. */
  ACTION("match");

  private final String scenario;

  Operation(String scenario) {
    this.scenario = scenario;
  }

  String scenario() {
    return scenario;
  }
}
