package dev.rookery.player;

import dev.rookery.player.DeviceDigests.Device;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the players of devices by their digests, and updates when they were last seen. */
final class DevicePlayers {
  private final CredentialStore store;
  private final DeviceStore deviceStore;

  DevicePlayers(CredentialStore store, DeviceStore deviceStore) {
    this.store = store;
    this.deviceStore = deviceStore;
  }

  /**
   * Adds the players of devices by device id; returns the devices of the others, in order. Runs one
   * statement if all are found.
   */
  List<Device> find(Transaction tx, Collection<Device> devices, Map<String, Identity> found) {
    List<Device> unknown = addFound(found, devices, byDigest(tx, devices));
    return unknown.isEmpty() ? unknown : addFound(found, unknown, findEarlier(tx, unknown));
  }

  private Map<String, Identity> byDigest(Transaction tx, Collection<Device> devices) {
    return store.updateLastSeenByDigest(tx, devices.stream().map(Device::digest).toList());
  }

  /** Adds the players that were found by digest; returns the devices of the others, in order. */
  static List<Device> addFound(
      Map<String, Identity> found, Collection<Device> devices, Map<String, Identity> byDigest) {
    var unknown = new ArrayList<Device>();
    for (Device device : devices) {
      Identity player = byDigest.get(device.digest());
      if (player == null) {
        unknown.add(device);
      } else {
        found.put(device.id(), player);
      }
    }
    unknown.sort(Comparator.comparing(Device::id));
    return unknown;
  }

  /**
   * Finds players by the device id itself or by its digest with another key, stores the digest in
   * its place, and returns them by digest.
   */
  private Map<String, Identity> findEarlier(Transaction tx, List<Device> devices) {
    var byId = store.updateLastSeenByDeviceId(tx, devices.stream().map(Device::id).toList());
    var byOther = new HashMap<String, Identity>();
    int keys = devices.getFirst().otherDigests().size();
    for (int i = 0; i < keys; i++) {
      int key = i;
      var digests = devices.stream().map(device -> device.otherDigests().get(key)).toList();
      byOther.putAll(store.updateLastSeenByDigest(tx, digests));
    }
    var found = new HashMap<String, Identity>();
    for (Device device : devices) {
      Identity player = byId.get(device.id());
      for (String digest : device.otherDigests()) {
        player = player == null ? byOther.get(digest) : player;
      }
      if (player != null) {
        found.put(device.digest(), player);
        deviceStore.replaceId(tx, new DeviceStore.StoredId(player.player(), device.id()), device);
      }
    }
    return found;
  }
}
