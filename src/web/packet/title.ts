/** What windows, tabs and histories call a packet: it tells of nobody. */
export const packetTitle = 'Referral packet';
