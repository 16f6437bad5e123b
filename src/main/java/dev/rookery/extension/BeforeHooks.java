package dev.rookery.extension;

/**
 * Hooks that run before changes, on the node that serves the command. Each gets the change as the
 * hooks before it left it: those of one extension in the order in which they were added, extensions
 * in the order of their names. The first refusal ends the chain. Add them in {@link
 * Extension#start}; later ones do not count.
 *
 * <p>A hook never runs inside a transaction: the server runs it before it sends the command to its
 * domain, which begins the transaction, reads and locks what it needs, and applies its rules to the
 * change as the hooks have left it. So a slow hook delays its own request and holds no row that
 * others need; and what it has read may have changed when the rules decide.
 */
public interface BeforeHooks {
  /** Before a player's name or metadata changes, by the player or by an admin. */
  void userUpdate(BeforeHook<UserUpdate> hook);

  /** Before a player opens a lobby, also by a quick join that finds none. */
  void lobbyCreate(BeforeHook<LobbyDraft> hook);

  /** Before the host, or an admin, changes the settings of a lobby. */
  void lobbyUpdate(BeforeHook<LobbyDraft> hook);

  /**
   * Before a player joins a lobby, by its id or by a quick join; only refusing counts. Not for the
   * host of a new lobby, nor for members of a party that joins together.
   */
  void lobbyJoin(BeforeHook<LobbyJoin> hook);

  /**
   * Before an admin or an extension deletes a lobby, not when its last member leaves; only refusing
   * counts.
   */
  void lobbyDelete(BeforeHook<LobbyDelete> hook);

  /** Before a player leaves their lobby; only refusing counts. */
  void lobbyLeave(BeforeHook<LobbyLeave> hook);

  /** Before the host removes a member from the lobby; only refusing counts. */
  void userKicked(BeforeHook<LobbyKick> hook);

  /** Before a player creates a group. */
  void groupCreate(BeforeHook<GroupDraft> hook);

  /** Before an admin of the group, or of the server, changes its settings. */
  void groupUpdate(BeforeHook<GroupDraft> hook);

  /**
   * Before a player becomes a member of a group: joins a public one, accepts an invite, or has
   * their request approved. Only refusing counts. A request to join a private group is not shown.
   */
  void groupJoin(BeforeHook<GroupJoin> hook);

  /** Before a player creates a party. */
  void partyCreate(BeforeHook<PartyDraft> hook);

  /** Before the leader changes the settings of a party. */
  void partyUpdate(BeforeHook<PartyDraft> hook);

  /** Before a client reads a key-value entry of {@code /api/v1/kv}; says who may read it. */
  void kvGet(KvGetHook hook);

  /** Before a message is sent; edits are not shown. */
  void chatMessage(BeforeHook<ChatDraft> hook);
}
