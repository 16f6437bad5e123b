package dev.rookery.extension;

/**
 * Hooks that run after changes, driven by what is stored: at least once for each change that is
 * committed while the extension is deployed, also when the node that made the change has died. They
 * run on one node of the cluster at a time, and those about the same player, lobby, group, party or
 * conversation in the order of the changes.
 *
 * <p>The hooks of an extension for one change run in the order in which they were added, and again
 * from the first one when one of them fails. After five or six failures, with growing pauses
 * between them, the change is put aside for seven days, counted, and passed over. Extensions do not
 * wait for each other. An extension that is new begins with the changes that are made from then on;
 * a new version goes on where the one before it was.
 *
 * <p>Add hooks in {@link Extension#start}; later ones do not count.
 */
public interface AfterHooks {
  /** After an account was created, in any way. */
  void userRegister(AfterHook<User> hook);

  /** After a player signed in, in any way; after {@link #userRegister} for a new account. */
  void userLogin(AfterHook<User> hook);

  /** After the name or the metadata of a player was saved. */
  void userUpdated(AfterHook<User> hook);

  /** After the first socket of a player was opened. */
  void userOnline(AfterHook<User> hook);

  /** After the last socket of a player was closed, and the time for coming back has passed. */
  void userOffline(AfterHook<User> hook);

  /** After a lobby was opened. */
  void lobbyCreate(AfterHook<Lobby> hook);

  /** After a player joined a lobby alone: not for its first host, nor for members of a party. */
  void lobbyJoin(AfterHook<LobbyMember> hook);

  /** After a player left a lobby, also as the last member, which closes it. */
  void lobbyLeave(AfterHook<LobbyMember> hook);

  /** After the settings of a lobby were saved. */
  void lobbyUpdate(AfterHook<Lobby> hook);

  /** After an admin deleted a lobby; not when its last member left. */
  void lobbyDelete(AfterHook<Lobby> hook);

  /** After the host removed a member from the lobby. */
  void userKicked(AfterHook<LobbyKicked> hook);

  /** After the host left and another member became it; {@link Lobby#hostId} is the new one. */
  void lobbyHostChange(AfterHook<Lobby> hook);

  /** After a group was created. */
  void groupCreate(AfterHook<Group> hook);

  /** After the settings of a group were saved. */
  void groupUpdate(AfterHook<Group> hook);

  /** After a player became a member, by joining, an invite or an approved request. */
  void groupJoin(AfterHook<GroupMember> hook);

  /** After a member left. */
  void groupLeave(AfterHook<GroupMember> hook);

  /** After a group was deleted, also because its last member left. */
  void groupDelete(AfterHook<Group> hook);

  /** After an admin of the group removed a member. */
  void groupKick(AfterHook<GroupKicked> hook);

  /** After a party was created. */
  void partyCreate(AfterHook<Party> hook);

  /** After the settings of a party were saved. */
  void partyUpdate(AfterHook<Party> hook);

  /** After a player accepted an invite to a party. */
  void partyJoin(AfterHook<PartyMember> hook);

  /** After a member who is not the leader left. */
  void partyLeave(AfterHook<PartyMember> hook);

  /** After the leader removed a member, or {@link Parties#kickFromAny} did. */
  void partyKick(AfterHook<PartyMember> hook);

  /** After the leader left, or {@link Parties#disband} ended the party. */
  void partyDisband(AfterHook<Party> hook);

  /** After a message was sent; edits are not shown. */
  void chatMessage(AfterHook<ChatMessage> hook);

  /** After a player unlocked an achievement, in any way. */
  void achievementUnlocked(AfterHook<AchievementUnlocked> hook);
}
