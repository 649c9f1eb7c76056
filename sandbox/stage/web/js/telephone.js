// The telephone under a phone: a client's handset that rings the company, a manager's desk phone.

import { el, icon } from './dom.js';
import { act, Refused } from './net.js';
import { toast } from './popups.js';
import { listen, personOf, store } from './store.js';
import { duration, say, t } from './words.js';

const SIGN = { ringing: 'is-ringing', calling: 'is-calling', talking: 'is-talking' };

export class Dock {
  constructor(phone) {
    this.phone = phone;
    this.node = el('section', { class: 'dock', 'aria-label': t(`dock_${phone.side}`) });
    this.chosen = sessionStorage.getItem('pult-stage-caller');
    listen('telephone', () => this.paint());
    this.ticking = setInterval(() => this.tick(), 500);
    this.paint();
  }

  get line() { return this.phone.side === 'clients' ? this.callerLine() : this.deskLine(); }

  callerLine() {
    const { callers } = store.telephone;
    const caller = callers.find((each) => each.id === this.chosen) || callers[0];
    return { who: caller.id, call: caller.call, head: () => this.chooser(callers, caller), idle: t('call_idle_client', { number: store.telephone.number }), mayCall: true };
  }

  deskLine() {
    const desk = store.telephone.desks[this.phone.key];
    if (!desk) return { who: '', call: null, head: () => el('b', { text: t('dock_managers') }), idle: t('call_no_desk') };
    const title = t('desk_of', { extension: desk.extension });
    return { who: this.phone.key, call: desk.call, head: () => el('b', { class: 'dock-name', text: title }), idle: t('call_idle_desk') };
  }

  chooser(callers, chosen) {
    const options = callers.map((each) => el('option', { value: each.id, selected: each === chosen, title: say(each.about), text: say(each.name) }));
    return el('select', { class: 'dock-who', 'aria-label': t('who_calls'), on: { change: (event) => this.choose(event.target.value) } }, options);
  }

  choose(id) {
    this.chosen = id;
    sessionStorage.setItem('pult-stage-caller', id);
    this.paint();
  }

  paint() {
    const line = this.line;
    const seen = JSON.stringify([line.who, line.call, this.others()]);
    if (seen === this.painted) return;
    this.painted = seen;
    this.call = line.call;
    this.stateNode = el('span', { class: 'dock-state', role: 'status' });
    const words = el('div', { class: 'dock-words' }, line.head(), this.stateNode);
    const says = line.call?.says && el('p', { class: `dock-says ${line.call.mine ? 'is-mine' : ''}`, text: line.call.says });
    this.node.className = `dock ${SIGN[line.call?.state] || ''}`;
    this.node.replaceChildren(
      el('div', { class: 'dock-line' }, el('i', { class: 'dock-sign' }, icon('phone')), words, el('div', { class: 'dock-keys' }, this.keys(line))),
      ...(says ? [says] : []), ...this.others().map((each) => this.elsewhere(each)));
    this.idle = line.idle;
    this.tick();
  }

  keys({ who, call, mayCall }) {
    const key = (name, picture, looks) => el('button', { type: 'button', class: `dock-key ${looks}`, title: t(`phone_${name}`), on: { click: () => this.run(name, who) } },
      icon(picture), el('span', { text: t(`phone_${name}`) }));
    if (call?.state === 'ringing' && !call.out) return [key('answer', 'phone', 'is-green'), key('decline', 'down_phone', 'is-red')];
    if (call && call.state !== 'over') return [key('hangup', 'down_phone', 'is-red')];
    return mayCall ? [key('call', 'phone', 'is-green')] : [];
  }

  async run(name, who) {
    try {
      await act('telephone', name, { who });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      toast(this.phone.screenNode, t(error.code));
    }
  }

  /** Calls that wait at a phone which is not in the hand. */
  others() {
    if (this.phone.side === 'clients') {
      return store.telephone.callers.filter((each) => each.id !== this.line.who && each.call && !each.call.out && each.call.state === 'ringing').map((each) => ({ key: each.id, name: say(each.name) }));
    }
    return Object.entries(store.telephone.desks).filter(([key, desk]) => key !== this.phone.key && desk.call?.state === 'ringing').map(([key]) => ({ key, name: say(personOf(key)?.name) }));
  }

  elsewhere({ key, name }) {
    const open = () => (this.phone.side === 'clients' ? this.choose(key) : this.phone.open(key));
    return el('button', { type: 'button', class: 'dock-other', on: { click: open } }, icon('phone'), el('span', { text: t('rings_at', { name }) }), el('b', { text: t('rings_open') }));
  }

  tick() {
    if (!this.node.isConnected && this.painted && this.born) return clearInterval(this.ticking);
    this.born ||= this.node.isConnected;
    const text = stateOf(this.call) || this.idle;
    if (this.stateNode.textContent !== text) this.stateNode.textContent = text;
    return null;
  }
}

function stateOf(call) {
  if (!call) return '';
  const time = duration(Date.now() / 1000 + store.telephone.skew - call.since);
  const other = pretty(call.with);
  if (call.state === 'over') return t(`call_over_${call.why}`, { time: duration(call.talked), number: other });
  if (call.state === 'ringing') return t(call.out ? 'call_ringing_out' : 'call_ringing_in', { time, number: other });
  return t(call.state === 'talking' && !call.out ? 'call_talking_with' : `call_${call.state}`, { time, number: other });
}

const pretty = (number) => number.replace(/^\+7(\d{3})(\d{3})(\d\d)(\d\d)$/, '+7 $1 $2-$3-$4');
