package dev.rookery.extensionhost;

/** Where hooks run before a change. */
public enum HookPoint {
  USER_UPDATE,
  LOBBY_CREATE,
  LOBBY_UPDATE,
  LOBBY_JOIN,
  LOBBY_LEAVE,
  USER_KICKED,
  CHAT_MESSAGE
}
