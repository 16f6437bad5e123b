package dev.rookery.lobby;

/** What a command that enters a lobby asks of the party of its player. */
enum PartyRole {
  /** A leader brings the party, another member is {@code Denied("in_party")}. */
  LEADER_OR_NONE("in_party"),
  /** As {@link #LEADER_OR_NONE}, but refused as {@code Denied("not_leader")}. */
  LEADER_OR_ALONE("not_leader"),
  /**
   * The player leads a party. {@code Conflict("not_in_party")}, {@code Denied("not_leader")}
   * otherwise.
   */
  LEADER("not_leader");

  private final String refusal;

  PartyRole(String refusal) {
    this.refusal = refusal;
  }

  /** The code by which a member who is not the leader is refused. */
  String refusal() {
    return refusal;
  }
}
