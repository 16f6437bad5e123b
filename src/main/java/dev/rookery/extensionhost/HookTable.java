package dev.rookery.extensionhost;

import dev.rookery.extension.BeforeHook;
import dev.rookery.extension.BeforeHooks;
import dev.rookery.extension.ChatDraft;
import dev.rookery.extension.GroupDraft;
import dev.rookery.extension.GroupJoin;
import dev.rookery.extension.KvGetHook;
import dev.rookery.extension.LobbyDelete;
import dev.rookery.extension.LobbyDraft;
import dev.rookery.extension.LobbyJoin;
import dev.rookery.extension.LobbyKick;
import dev.rookery.extension.LobbyLeave;
import dev.rookery.extension.PartyDraft;
import dev.rookery.extension.UserUpdate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The hooks of one version of an extension. Reading takes no lock; adding copies the list. */
final class HookTable implements BeforeHooks {
  private static final int HOOKS_MAX = 100;

  private final Map<HookPoint, List<BeforeHook<Object>>> hooks = new ConcurrentHashMap<>();

  boolean has(HookPoint point) {
    return hooks.containsKey(point);
  }

  List<BeforeHook<Object>> at(HookPoint point) {
    return hooks.getOrDefault(point, List.of());
  }

  @SuppressWarnings("unchecked")
  private void add(HookPoint point, BeforeHook<?> hook) {
    hooks.merge(point, List.of((BeforeHook<Object>) hook), HookTable::joined);
  }

  private static List<BeforeHook<Object>> joined(
      List<BeforeHook<Object>> present, List<BeforeHook<Object>> added) {
    if (present.size() == HOOKS_MAX) {
      throw new IllegalArgumentException("there are " + HOOKS_MAX + " such hooks already");
    }
    return Stream.concat(present.stream(), added.stream()).toList();
  }

  @Override
  public void userUpdate(BeforeHook<UserUpdate> hook) {
    add(HookPoint.USER_UPDATE, hook);
  }

  @Override
  public void lobbyCreate(BeforeHook<LobbyDraft> hook) {
    add(HookPoint.LOBBY_CREATE, hook);
  }

  @Override
  public void lobbyUpdate(BeforeHook<LobbyDraft> hook) {
    add(HookPoint.LOBBY_UPDATE, hook);
  }

  @Override
  public void lobbyJoin(BeforeHook<LobbyJoin> hook) {
    add(HookPoint.LOBBY_JOIN, hook);
  }

  @Override
  public void lobbyLeave(BeforeHook<LobbyLeave> hook) {
    add(HookPoint.LOBBY_LEAVE, hook);
  }

  @Override
  public void userKicked(BeforeHook<LobbyKick> hook) {
    add(HookPoint.USER_KICKED, hook);
  }

  @Override
  public void lobbyDelete(BeforeHook<LobbyDelete> hook) {
    add(HookPoint.LOBBY_DELETE, hook);
  }

  @Override
  public void groupCreate(BeforeHook<GroupDraft> hook) {
    add(HookPoint.GROUP_CREATE, hook);
  }

  @Override
  public void groupUpdate(BeforeHook<GroupDraft> hook) {
    add(HookPoint.GROUP_UPDATE, hook);
  }

  @Override
  public void groupJoin(BeforeHook<GroupJoin> hook) {
    add(HookPoint.GROUP_JOIN, hook);
  }

  @Override
  public void partyCreate(BeforeHook<PartyDraft> hook) {
    add(HookPoint.PARTY_CREATE, hook);
  }

  @Override
  public void partyUpdate(BeforeHook<PartyDraft> hook) {
    add(HookPoint.PARTY_UPDATE, hook);
  }

  @Override
  public void kvGet(KvGetHook hook) {
    BeforeHook<KvDecision> deciding =
        decision ->
            decision.and(
                Objects.requireNonNull(hook.visibility(decision.read()), "a hook returned null"));
    add(HookPoint.KV_GET, deciding);
  }

  @Override
  public void chatMessage(BeforeHook<ChatDraft> hook) {
    add(HookPoint.CHAT_MESSAGE, hook);
  }
}
