package dev.rookery.extensionhost;

import dev.rookery.extension.BeforeHook;
import dev.rookery.extension.BeforeHooks;
import dev.rookery.extension.ChatDraft;
import dev.rookery.extension.LobbyDraft;
import dev.rookery.extension.LobbyJoin;
import dev.rookery.extension.LobbyKick;
import dev.rookery.extension.LobbyLeave;
import dev.rookery.extension.UserUpdate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The hooks of one version of an extension. */
final class HookTable implements BeforeHooks {
  private static final int HOOKS_MAX = 100;

  private final Map<HookPoint, List<BeforeHook<Object>>> hooks = new EnumMap<>(HookPoint.class);

  synchronized boolean has(HookPoint point) {
    return hooks.containsKey(point);
  }

  synchronized List<BeforeHook<Object>> at(HookPoint point) {
    return List.copyOf(hooks.getOrDefault(point, List.of()));
  }

  @SuppressWarnings("unchecked")
  private synchronized void add(HookPoint point, BeforeHook<?> hook) {
    List<BeforeHook<Object>> chain = hooks.computeIfAbsent(point, _ -> new ArrayList<>());
    if (chain.size() == HOOKS_MAX) {
      throw new IllegalArgumentException("there are " + HOOKS_MAX + " such hooks already");
    }
    chain.add((BeforeHook<Object>) hook);
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
  public void chatMessage(BeforeHook<ChatDraft> hook) {
    add(HookPoint.CHAT_MESSAGE, hook);
  }
}
