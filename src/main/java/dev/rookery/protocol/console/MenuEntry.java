package dev.rookery.protocol.console;

import dev.rookery.console.Permission;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the menu. It is shown to admins with the permission of its page.
 *
 * @param path of the page, such as {@code /admin/users}
 * @param key the letter that opens the page after {@code g}; null for none
 */
record MenuEntry(
    Group group, String label, String path, @Nullable String key, Permission permission) {

  /** The groups of the menu, in their order. */
  enum Group {
    OVERVIEW("Overview"),
    PLAYERS("Players"),
    PLAY("Play"),
    CONTENT("Content"),
    CODE("Code"),
    OPERATE("Operate"),
    SETTINGS("Settings");

    private final String label;

    Group(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }
}
