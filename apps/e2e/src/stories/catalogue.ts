import type { Story } from '../story/story.js';
import { clockSkew } from './clock-skew/clock-skew.story.js';
import { dns } from './dns/dns.story.js';
import { faults } from './faults/faults.story.js';
import { firstLight } from './first-light/first-light.story.js';
import { handbook } from './handbook/handbook.story.js';
import { hosts } from './hosts/hosts.story.js';
import { leaseLife } from './lease-life/lease-life.story.js';
import { replicas } from './replicas/replicas.story.js';

/** In the order in which a newcomer would want them. */
export const stories: readonly Story[] = [firstLight, replicas, faults, clockSkew, leaseLife, hosts, dns, handbook];
