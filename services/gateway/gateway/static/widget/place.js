/** The location: what is on offer there, who performs it, and what time it is. */
export class Place {
  constructor(known) {
    Object.assign(this, known);
  }

  static async load(edge) {
    const [location, { services }, { team_members: members }] = await Promise.all([
      edge.get(edge.here), edge.get(`${edge.here}/services`), edge.get(`${edge.here}/team-members`),
    ]);
    const [chain, { categories }] = await Promise.all([
      edge.get(`/v1/chains/${location.chain_id}`),
      edge.get(`/v1/chains/${location.chain_id}/categories`),
    ]);
    // The clock of a sandbox is not that of the world.
    const clock = chain.sandbox ? await edge.get(`/v1/chains/${chain.chain_id}/clock`) : {};
    const ahead = (clock.offset_seconds ?? 0) * 1000;
    return new Place({ location, services, members, categories, ahead });
  }

  /** Now, in milliseconds, by the clock of the location's chain. */
  now() {
    return Date.now() + this.ahead;
  }

  service(id) {
    return this.services.find((one) => one.service_id === id);
  }

  memberName(id) {
    return this.members.find((one) => one.team_member_id === id)?.name;
  }

  /** The names of those who perform these lines of a booking, each once. */
  teamOf(lines) {
    return [...new Set(lines.map((one) => this.memberName(one.team_member_id)))].filter(Boolean);
  }

  /** Who performs all of these services. */
  performing(services) {
    return this.members.filter((member) =>
      services.every((one) => member.service_ids.includes(one.service_id)));
  }
}
