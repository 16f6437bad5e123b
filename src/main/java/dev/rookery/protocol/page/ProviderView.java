package dev.rookery.protocol.page;

import dev.rookery.player.Player;
import dev.rookery.player.Provider;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Identity providers as the templates show them: id, name and whether linked. */
final class ProviderView {
  private ProviderView() {}

  static String id(Provider provider) {
    return provider.name().toLowerCase(Locale.ROOT);
  }

  private static String name(Provider provider) {
    return switch (provider) {
      case GOOGLE -> "Google";
      case FACEBOOK -> "Facebook";
      case DISCORD -> "Discord";
      case APPLE -> "Apple";
      case STEAM -> "Steam";
      case OPENID -> "OpenID";
    };
  }

  static List<Map<String, Object>> of(Collection<Provider> providers) {
    return providers.stream().map(provider -> view(provider, false)).toList();
  }

  /** The providers that the player has linked, and those that they could link. */
  static List<Map<String, Object>> of(Player player, Collection<Provider> configured) {
    var shown = EnumSet.noneOf(Provider.class);
    shown.addAll(configured);
    shown.addAll(player.linked());
    return shown.stream()
        .map(provider -> view(provider, player.linked().contains(provider)))
        .toList();
  }

  private static Map<String, Object> view(Provider provider, boolean linked) {
    return Map.of("id", id(provider), "name", name(provider), "linked", linked);
  }
}
