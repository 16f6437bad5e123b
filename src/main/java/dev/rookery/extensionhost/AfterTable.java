package dev.rookery.extensionhost;

import dev.rookery.extension.AchievementUnlocked;
import dev.rookery.extension.AfterHook;
import dev.rookery.extension.AfterHooks;
import dev.rookery.extension.ChatMessage;
import dev.rookery.extension.Group;
import dev.rookery.extension.GroupKicked;
import dev.rookery.extension.GroupMember;
import dev.rookery.extension.Lobby;
import dev.rookery.extension.LobbyKicked;
import dev.rookery.extension.LobbyMember;
import dev.rookery.extension.Party;
import dev.rookery.extension.PartyMember;
import dev.rookery.extension.User;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The hooks after changes of one version of an extension. Reading takes no lock. */
final class AfterTable implements AfterHooks {
  private static final int HOOKS_MAX = 100;

  private final Map<AfterPoint, List<AfterHook<Object>>> hooks = new ConcurrentHashMap<>();

  /** After which changes there are hooks. */
  Set<AfterPoint> points() {
    return Set.copyOf(hooks.keySet());
  }

  List<AfterHook<Object>> at(AfterPoint point) {
    return hooks.getOrDefault(point, List.of());
  }

  @SuppressWarnings("unchecked")
  private void add(AfterPoint point, AfterHook<?> hook) {
    hooks.merge(point, List.of((AfterHook<Object>) hook), AfterTable::joined);
  }

  private static List<AfterHook<Object>> joined(
      List<AfterHook<Object>> present, List<AfterHook<Object>> added) {
    if (present.size() == HOOKS_MAX) {
      throw new IllegalArgumentException("there are " + HOOKS_MAX + " such hooks already");
    }
    return Stream.concat(present.stream(), added.stream()).toList();
  }

  @Override
  public void userRegister(AfterHook<User> hook) {
    add(AfterPoint.USER_REGISTER, hook);
  }

  @Override
  public void userLogin(AfterHook<User> hook) {
    add(AfterPoint.USER_LOGIN, hook);
  }

  @Override
  public void userUpdated(AfterHook<User> hook) {
    add(AfterPoint.USER_UPDATED, hook);
  }

  @Override
  public void userOnline(AfterHook<User> hook) {
    add(AfterPoint.USER_ONLINE, hook);
  }

  @Override
  public void userOffline(AfterHook<User> hook) {
    add(AfterPoint.USER_OFFLINE, hook);
  }

  @Override
  public void lobbyCreate(AfterHook<Lobby> hook) {
    add(AfterPoint.LOBBY_CREATE, hook);
  }

  @Override
  public void lobbyJoin(AfterHook<LobbyMember> hook) {
    add(AfterPoint.LOBBY_JOIN, hook);
  }

  @Override
  public void lobbyLeave(AfterHook<LobbyMember> hook) {
    add(AfterPoint.LOBBY_LEAVE, hook);
  }

  @Override
  public void lobbyUpdate(AfterHook<Lobby> hook) {
    add(AfterPoint.LOBBY_UPDATE, hook);
  }

  @Override
  public void lobbyDelete(AfterHook<Lobby> hook) {
    add(AfterPoint.LOBBY_DELETE, hook);
  }

  @Override
  public void userKicked(AfterHook<LobbyKicked> hook) {
    add(AfterPoint.USER_KICKED, hook);
  }

  @Override
  public void lobbyHostChange(AfterHook<Lobby> hook) {
    add(AfterPoint.LOBBY_HOST_CHANGE, hook);
  }

  @Override
  public void groupCreate(AfterHook<Group> hook) {
    add(AfterPoint.GROUP_CREATE, hook);
  }

  @Override
  public void groupUpdate(AfterHook<Group> hook) {
    add(AfterPoint.GROUP_UPDATE, hook);
  }

  @Override
  public void groupJoin(AfterHook<GroupMember> hook) {
    add(AfterPoint.GROUP_JOIN, hook);
  }

  @Override
  public void groupLeave(AfterHook<GroupMember> hook) {
    add(AfterPoint.GROUP_LEAVE, hook);
  }

  @Override
  public void groupDelete(AfterHook<Group> hook) {
    add(AfterPoint.GROUP_DELETE, hook);
  }

  @Override
  public void groupKick(AfterHook<GroupKicked> hook) {
    add(AfterPoint.GROUP_KICK, hook);
  }

  @Override
  public void partyCreate(AfterHook<Party> hook) {
    add(AfterPoint.PARTY_CREATE, hook);
  }

  @Override
  public void partyUpdate(AfterHook<Party> hook) {
    add(AfterPoint.PARTY_UPDATE, hook);
  }

  @Override
  public void partyJoin(AfterHook<PartyMember> hook) {
    add(AfterPoint.PARTY_JOIN, hook);
  }

  @Override
  public void partyLeave(AfterHook<PartyMember> hook) {
    add(AfterPoint.PARTY_LEAVE, hook);
  }

  @Override
  public void partyKick(AfterHook<PartyMember> hook) {
    add(AfterPoint.PARTY_KICK, hook);
  }

  @Override
  public void partyDisband(AfterHook<Party> hook) {
    add(AfterPoint.PARTY_DISBAND, hook);
  }

  @Override
  public void chatMessage(AfterHook<ChatMessage> hook) {
    add(AfterPoint.CHAT_MESSAGE, hook);
  }

  @Override
  public void achievementUnlocked(AfterHook<AchievementUnlocked> hook) {
    add(AfterPoint.ACHIEVEMENT_UNLOCKED, hook);
  }
}
