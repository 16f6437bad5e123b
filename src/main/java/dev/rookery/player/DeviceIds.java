package dev.rookery.player;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;

/** What a device id may be: opaque, case-sensitive, not blank, not too long. */
public final class DeviceIds {
  private static final String FIELD = "device_id";

  private DeviceIds() {}

  /** Refuses as invalid what cannot be a device id. */
  public static void check(String deviceId, Limits limits) {
    var errors = new FieldErrors();
    check(errors, deviceId, limits);
    errors.refuse();
  }

  public static boolean isValid(String deviceId, Limits limits) {
    var errors = new FieldErrors();
    check(errors, deviceId, limits);
    return errors.isEmpty();
  }

  public static void check(FieldErrors errors, String deviceId, Limits limits) {
    if (deviceId.isBlank()) {
      errors.add(FIELD, "can't be blank");
    } else {
      errors.text(FIELD, deviceId, 1, limits.deviceIdMax());
    }
  }
}
