package dev.rookery.player;

import dev.rookery.base.ComparedText;
import dev.rookery.base.PlayerId;
import dev.rookery.player.DeviceDigests.Device;
import dev.rookery.store.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds players by the email address or the device with which they sign in. */
final class PlayerLookupStore {
  private static final String BY_EMAIL = "SELECT id FROM player WHERE email = $1";
  private static final String BY_DIGEST = "SELECT id FROM player WHERE device_digest = $1";
  private static final String BY_DEVICE = "SELECT id FROM player WHERE device_id = $1";

  private static final String CONFIRMED =
      "SELECT id FROM player WHERE id = $1 AND email_confirmed_ms IS NOT NULL";

  private final DeviceDigests digests;

  PlayerLookupStore(DeviceDigests digests) {
    this.digests = digests;
  }

  /**
   * By an email address. Earlier releases stored it in lower case only, so two accounts may have
   * one address in two spellings; each of them is found by its own, as in a sign-in.
   */
  Optional<PlayerId> byEmail(Reader reader, String typed) {
    String spelled = typed.strip().toLowerCase(Locale.ROOT);
    String email = ComparedText.email(typed);
    Optional<PlayerId> own = find(reader, BY_EMAIL, spelled);
    return own.isPresent() || spelled.equals(email) ? own : find(reader, BY_EMAIL, email);
  }

  static boolean hasConfirmedEmail(Reader reader, PlayerId player) {
    return !reader.read(CONFIRMED, player.value()).isEmpty();
  }

  /** By a device id, whichever secret of the server its digest was made with. */
  Optional<PlayerId> byDevice(Reader reader, String deviceId) {
    Device device = digests.device(deviceId);
    List<String> keys = new ArrayList<>(device.otherDigests());
    keys.addFirst(device.digest());
    for (String digest : keys) {
      Optional<PlayerId> found = find(reader, BY_DIGEST, digest);
      if (found.isPresent()) {
        return found;
      }
    }
    return find(reader, BY_DEVICE, deviceId);
  }

  private static Optional<PlayerId> find(Reader reader, String sql, String value) {
    return reader.read(sql, value).first(row -> new PlayerId(row.number("id")));
  }
}
