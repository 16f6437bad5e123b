package dev.rookery.extensionhost;

/** Where hooks run before a change. */
public enum HookPoint {
  USER_UPDATE,
  LOBBY_CREATE,
  LOBBY_UPDATE,
  LOBBY_DELETE,
  LOBBY_JOIN,
  LOBBY_LEAVE,
  USER_KICKED,
  GROUP_CREATE,
  GROUP_UPDATE,
  GROUP_JOIN,
  PARTY_CREATE,
  PARTY_UPDATE,
  /** The change is a {@link KvDecision}. */
  KV_GET,
  CHAT_MESSAGE
}
