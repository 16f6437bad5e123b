package dev.rookery.extension;

/**
 * Hooks that run before changes, on the node that serves the command. Each gets the change as the
 * hooks before it left it: those of one extension in the order in which they were added, extensions
 * in the order of their names. The first refusal ends the chain. Add them in {@link
 * Extension#start}; later ones do not count.
 */
public interface BeforeHooks {
  /** Before a player's name or metadata changes, by the player or by an admin. */
  void userUpdate(BeforeHook<UserUpdate> hook);

  /** Before a player opens a lobby. */
  void lobbyCreate(BeforeHook<LobbyDraft> hook);

  /** Before the host changes the settings of a lobby. */
  void lobbyUpdate(BeforeHook<LobbyDraft> hook);

  /** Before a player joins a lobby by its id; only refusing counts. */
  void lobbyJoin(BeforeHook<LobbyJoin> hook);

  /** Before a player leaves their lobby; only refusing counts. */
  void lobbyLeave(BeforeHook<LobbyLeave> hook);

  /** Before the host removes a member from the lobby; only refusing counts. */
  void userKicked(BeforeHook<LobbyKick> hook);

  /** Before a message is sent; edits are not shown. */
  void chatMessage(BeforeHook<ChatDraft> hook);
}
