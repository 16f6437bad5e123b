package dev.rookery.storage;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Sha256;
import dev.rookery.base.Text;
import dev.rookery.storage.StoredObject.ReadAccess;
import dev.rookery.storage.StoredObject.WriteAccess;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Who may read and write objects, and what they may contain. */
final class StorageRules {
  static final String NO_METADATA = "{}";

  private static final int COLLECTION_MAX = 128;
  private static final int VERSION_BYTES = 16;

  private final StorageSettings settings;

  StorageRules(StorageSettings settings) {
    this.settings = settings;
  }

  /** What an object's owner has stored. */
  record Usage(long entries, long bytes) {
    static final Usage NONE = new Usage(0, 0);

    Usage plus(long moreEntries, long moreBytes) {
      return new Usage(entries + moreEntries, bytes + moreBytes);
    }
  }

  /**
   * Whether the scope alone lets the asker read the object, whatever the object says.
   *
   * @param lobby in which the asker is; null if in none
   */
  static boolean isInScope(ObjectName name, Asker asker, @Nullable LobbyId lobby) {
    PlayerId player = asker.player();
    return (player != null && player.equals(name.owner()))
        || (name.lobby() != null && name.lobby().equals(lobby));
  }

  /** Whether the object lets everybody read it. */
  boolean isPublic(StoredObject object) {
    return isPublic(object.name(), object.readAccess());
  }

  private boolean isPublic(ObjectName name, ReadAccess access) {
    return switch (access) {
      case NOBODY -> false;
      case OWNER -> settings.publicCollections().contains(name.collection());
      case EVERYBODY -> true;
    };
  }

  /**
   * Whether it makes a difference in which lobby the asker is. Of an object that does not exist,
   * only what is global is known to be nobody's secret.
   */
  boolean dependsOnLobby(ObjectName name, @Nullable StoredObject object, Asker asker) {
    return name.lobby() != null
        && !asker.admin()
        && !isInScope(name, asker, null)
        && (object == null
            ? !settings.publicCollections().contains(name.collection())
            : !isPublic(object));
  }

  /**
   * Whether the asker may read the object.
   *
   * @param object null if it does not exist; then whether the asker may know that
   */
  boolean mayRead(
      ObjectName name, @Nullable StoredObject object, Asker asker, @Nullable LobbyId lobby) {
    if (asker.admin()) {
      return true;
    }
    if (object == null) {
      return name.isGlobal()
          || isInScope(name, asker, lobby)
          || settings.publicCollections().contains(name.collection());
    }
    return isPublic(object)
        || (object.readAccess() == ReadAccess.OWNER && isInScope(name, asker, lobby));
  }

  /** Refuses a player who may not write there, whatever is stored. */
  void mustBeAllowed(Asker by, Change change) {
    if (by.admin()) {
      return;
    }
    if (!settings.playersWrite()) {
      throw Refused.denied("player_writes_disabled");
    }
    ObjectName name = change.name();
    boolean own = name.owner() != null && name.owner().equals(by.player()) && name.lobby() == null;
    boolean raised = change instanceof Change.Put put && put.writeAccess() == WriteAccess.NOBODY;
    if (!own || raised) {
      throw Refused.denied("forbidden");
    }
  }

  /** Refuses a player who may not write the stored object. */
  static void mustBeWritable(Asker by, WriteAccess access) {
    if (!by.admin() && access == WriteAccess.NOBODY) {
      throw Refused.denied("forbidden");
    }
  }

  /** The limits of the owner, if there is more than before. */
  void mustFit(Usage before, Usage after) {
    if (after.entries() > before.entries() && after.entries() > settings.entriesMax()) {
      throw Refused.conflict("too_many_entries");
    }
    if (after.bytes() > before.bytes() && after.bytes() > settings.bytesMax()) {
      throw Refused.conflict("too_many_bytes");
    }
  }

  /** Refuses invalid names and content. */
  void mustBeValid(StorageCommand.Write write) {
    var names = new HashSet<ObjectName>();
    var errors = new FieldErrors();
    for (Change change : write.changes()) {
      ObjectName name = change.name();
      if (!names.add(name)) {
        errors.add("key", "is named twice");
      }
      checkName(errors, name);
      if (change instanceof Change.Put put) {
        checkSize(errors, "data", put.value(), settings.valueBytesMax());
        checkSize(errors, "metadata", put.metadata(), settings.metadataBytesMax());
      }
    }
    if (write.changes().isEmpty() || write.changes().size() > StorageCommand.OBJECTS_MAX) {
      errors.add("objects", "should be 1 to " + StorageCommand.OBJECTS_MAX);
    }
    errors.refuse();
  }

  void checkName(FieldErrors errors, ObjectName name) {
    if (name.key().isBlank()) {
      errors.add("key", "can't be blank");
    }
    errors.text("key", name.key(), 0, settings.keyMax());
    errors.text("collection", name.collection(), 1, COLLECTION_MAX);
  }

  void checkSize(FieldErrors errors, String field, String json, int bytesMax) {
    if (!Text.isStorable(json)) {
      errors.add(field, "is invalid");
    } else if (bytes(json) > bytesMax) {
      errors.add(field, "is too large (max " + bytesMax + " bytes)");
    }
  }

  void checkContent(FieldErrors errors, @Nullable String value, @Nullable String metadata) {
    if (value != null) {
      checkSize(errors, "data", value, settings.valueBytesMax());
    }
    if (metadata != null) {
      checkSize(errors, "metadata", metadata, settings.metadataBytesMax());
    }
  }

  static ReadAccess readAccess(ObjectName name, @Nullable ReadAccess chosen) {
    return chosen != null ? chosen : name.isGlobal() ? ReadAccess.EVERYBODY : ReadAccess.OWNER;
  }

  /** What an object counts for in its owner's limit. */
  static long size(ObjectName name, String value, String metadata) {
    return bytes(name.collection()) + bytes(name.key()) + bytes(value) + bytes(metadata);
  }

  private static long bytes(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A surrogate is half of a character that takes four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  /** The digest of an object's content, in hexadecimal digits. */
  static String version(String value, String metadata) {
    MessageDigest digest = Sha256.begin();
    digest.update(value.getBytes(StandardCharsets.UTF_8));
    if (!metadata.equals(NO_METADATA)) {
      digest.update((byte) 0);
      digest.update(metadata.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES);
  }
}
